import { removeCommand, setCommand, type Problem } from "../problems";
import { intendedShape, isKnownShape, limitsOf } from "../shapes";
import { eachPool } from "./nodePools";

const shapeExists = eachPool(({ shape }, key) => {
    if (shape.startsWith("Pod.")) {
        return []; // Of virtual nodes, which are refused for what they are.
    }
    const intended = intendedShape(shape);
    const malformed = !/^(VM|BM|Pod)(\.[A-Za-z0-9-]+)+$/.test(shape);
    if (intended === undefined && !malformed) {
        return [];
    }
    const hint = intended === undefined ? "a shape such as VM.Standard.E5.Flex" : `did you mean ${intended}?`;
    const message = `is ${JSON.stringify(shape)}, which does not exist; ${hint}`;
    return [{ key: `${key}.shape`, message, fix: [setCommand(`${key}.shape`, intended ?? "<shape>")] }];
});

const sizeOfShape = eachPool((pool, key): Problem[] => {
    const sizes = ["ocpus", "memoryInGbs"] as const;
    if (pool.shape.endsWith(".Flex")) {
        return sizes
            .filter((size) => pool[size] === undefined)
            .map((size) => ({
                key: `${key}.${size}`,
                message: `is missing; the flexible shape ${pool.shape} needs it`,
                fix: [setCommand(`${key}.${size}`, size === "ocpus" ? 2 : 16)],
            }));
    }
    // An unknown shape may be flexible under another name: a size is what its user meant.
    return !isKnownShape(pool.shape)
        ? []
        : sizes
              .filter((size) => pool[size] !== undefined)
              .map((size) => ({
                  key: `${key}.${size}`,
                  message: `is ${pool[size]}, but ${pool.shape} has a fixed size`,
                  fix: [removeCommand(`${key}.${size}`)],
              }));
});

const memoryPerOcpu = eachPool(({ ocpus, memoryInGbs }, key) => {
    if (ocpus === undefined || memoryInGbs === undefined || (memoryInGbs >= ocpus && memoryInGbs <= 64 * ocpus)) {
        return [];
    }
    return [
        {
            key: `${key}.memoryInGbs`,
            message: `is ${memoryInGbs} for ${ocpus} OCPUs, must be from ${ocpus} to ${64 * ocpus} (1 to 64 GB each)`,
            fix: [setCommand(`${key}.memoryInGbs`, memoryInGbs < ocpus ? ocpus : 64 * ocpus)],
        },
    ];
});

const limitsOfShape = eachPool((pool, key) => {
    const limits = limitsOf(pool.shape);
    return (["ocpus", "memoryInGbs"] as const).flatMap((size): Problem[] => {
        const [asked, most] = [pool[size], limits?.[size]];
        return asked !== undefined && most !== undefined && asked > most
            ? [
                  {
                      key: `${key}.${size}`,
                      message: `is ${asked}, but ${pool.shape} has ${most} at most`,
                      fix: [setCommand(`${key}.${size}`, most)],
                  },
              ]
            : [];
    });
});

export const shapeRules = [shapeExists, sizeOfShape, memoryPerOcpu, limitsOfShape];
