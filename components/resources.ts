/** Requests and limits of one container, as Kubernetes writes them. */
export interface Resources {
    /** What the scheduler sets aside. @default nothing */
    requests?: Amounts;
    /** What the container may use at most. @default no limit */
    limits?: Amounts;
}

/** Quantities, as Kubernetes writes them. */
export interface Amounts {
    /** CPUs, or thousandths of one: `2`, `500m`. @default not set */
    cpu?: string;
    /** Memory with its unit: `512Mi`, `2Gi`. @default not set */
    memory?: string;
}
