/** Requests and limits of one container, as Kubernetes writes them. */
export interface Resources {
    /** What the scheduler sets aside. */
    requests?: { cpu?: string; memory?: string };
    /** What the container may use at most. */
    limits?: { cpu?: string; memory?: string };
}
