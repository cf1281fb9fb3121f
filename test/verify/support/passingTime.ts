import { clock } from "../../../verify/clock";

/** Lets the time that checks of this suite wait for pass at once. */
export function lettingTimePass(): void {
    const { now, sleep } = clock;
    let passed = 0;
    before(() => {
        clock.now = () => now() + passed;
        clock.sleep = (seconds) => Promise.resolve(void (passed += seconds * 1000));
    });
    after(() => Object.assign(clock, { now, sleep }));
}
