/** Who stands on whom: a floor imports from those below it alone, so that data flows one way. */
const FLOORS = [
    {
        folder: "components",
        above: ["config", "mesh", "stack", "plan", "verify"],
        comment: "Components take arguments: they know nothing of settings, the resolved mesh and plans.",
    },
    {
        folder: "mesh",
        above: ["stack", "plan", "verify"],
        comment: "The mesh is resolved from settings and from components' descriptions.",
    },
    {
        folder: "config",
        above: ["stack", "plan", "verify"],
        comment: "Settings are read and checked before anything is made of them.",
    },
    {
        folder: "stack",
        above: ["plan", "verify"],
        comment: "The program does not know who plans or checks it.",
    },
    {
        folder: "policies",
        above: ["components", "config", "mesh", "stack", "plan/mesh", "plan/record", "plan/report", "verify"],
        comment: "Rules judge resources, whoever made them.",
    },
    {
        folder: "plan/record",
        above: ["components", "config", "mesh", "stack", "verify", "plan/mesh", "plan/report"],
        comment: "The recorder knows Pulumi only.",
    },
    {
        folder: "plan/mesh",
        above: ["config", "mesh", "stack", "verify", "plan/report"],
        comment: "What objects mean is read from the objects.",
    },
    {
        folder: "plan/network",
        above: ["components", "config", "mesh", "stack", "verify", "plan/report"],
        comment: "What rules and routes mean is read from the resources.",
    },
    {
        folder: "plan/report",
        above: ["config", "mesh", "stack", "verify"],
        comment: "Reports show a plan, whoever made it.",
    },
];

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
    forbidden: [
        { name: "no circles", severity: "error", from: {}, to: { circular: true } },
        {
            name: "mesh knows the settings' types alone",
            severity: "error",
            from: { path: "^mesh/" },
            to: { path: "^config/", dependencyTypesNot: ["type-only"] },
        },
        ...FLOORS.map(({ folder, above, comment }) => ({
            name: `${folder} is below`,
            comment,
            severity: "error",
            from: { path: `^${folder}/` },
            to: { path: `^(${above.join("|")})/` },
        })),
    ],
    options: {
        doNotFollow: { path: "node_modules" },
        includeOnly: { path: "^(index\\.ts|components|config|examples|mesh|plan|policies|scripts|stack|verify)" },
        tsPreCompilationDeps: true,
        tsConfig: { fileName: "tsconfig.json" },
    },
};
