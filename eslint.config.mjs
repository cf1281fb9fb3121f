import tseslint from "typescript-eslint";

const ROOT_IMPORTS = ["@pulumi/oci", "@pulumi/kubernetes"].map((name) => ({
    name,
    message: `Import a submodule (${name}/...): the root import adds seconds to every type check.`,
}));

/** Who stands on whom: a floor imports from those below it alone, so that data flows one way. */
const FLOORS = [
    {
        folder: "components",
        above: ["config", "mesh", "stack", "plan", "verify"],
        message: "Components take arguments: they know nothing of settings, the resolved mesh and plans.",
    },
    {
        folder: "mesh",
        above: ["stack", "plan", "verify"],
        typesOf: "config",
        message: "The mesh is resolved from settings, of which it knows the types, and from components' descriptions.",
    },
    {
        folder: "config",
        above: ["stack", "plan", "verify"],
        message: "Settings are read and checked before anything is made of them.",
    },
    {
        folder: "stack",
        above: ["plan", "verify"],
        message: "The program does not know who plans or checks it.",
    },
    {
        folder: "plan/record",
        above: ["components", "config", "mesh", "stack", "verify", "plan/mesh", "plan/report"],
        message: "The recorder knows Pulumi only.",
    },
    {
        folder: "plan/mesh",
        above: ["config", "mesh", "stack", "verify", "plan/report"],
        message: "What objects mean is read from the objects.",
    },
    {
        folder: "plan/report",
        above: ["config", "mesh", "stack", "verify"],
        message: "Reports show a plan, whoever made it.",
    },
];

/** The same for each depth of folders, as imports are relative. */
const floorRules = FLOORS.flatMap(({ folder, above, typesOf, message }) =>
    [0, 1, 2, 3].map((depth) => {
        const isInPlan = folder.startsWith("plan/");
        const up = "../".repeat(depth + 1);
        const root = isInPlan ? `../${up}` : up;
        const group = above.map(
            (other) => `${other.startsWith("plan/") ? up + other.slice("plan/".length) : root + other}/**`,
        );
        const types = typesOf ? [{ group: [`${root}${typesOf}/**`], message, allowTypeImports: true }] : [];
        return {
            files: [`${folder}/${"*/".repeat(depth)}*.ts`],
            rules: {
                "no-restricted-imports": "off",
                "@typescript-eslint/no-restricted-imports": [
                    "error",
                    { paths: ROOT_IMPORTS, patterns: [{ group, message }, ...types] },
                ],
            },
        };
    }),
);

export default tseslint.config(
    { ignores: ["node_modules/", "bin/", "components/istio/api/specs.ts", "components/gatewayApi/specs.ts"] },
    {
        files: ["**/*.ts"],
        extends: [tseslint.configs.recommendedTypeChecked],
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            "@typescript-eslint/no-explicit-any": "error",
            "@typescript-eslint/consistent-type-imports": "error",
            "@typescript-eslint/no-floating-promises": "error",
            "no-restricted-imports": ["error", { paths: ROOT_IMPORTS }],
            eqeqeq: "error",
        },
    },
    ...floorRules,
);
