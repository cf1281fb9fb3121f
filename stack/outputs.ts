/** The outputs a stack has. What is absent is left out, where Pulumi would warn of it with every run. */
export function stackOutputs(outputs: Record<string, unknown>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}
