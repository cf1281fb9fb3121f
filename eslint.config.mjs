import tseslint from "typescript-eslint";

const ROOT_IMPORTS = ["@pulumi/oci", "@pulumi/kubernetes"].map((name) => ({
    name,
    message: `Import a submodule (${name}/...): the root import adds seconds to every type check.`,
}));

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
    {
        // Components get everything through their arguments: data flows one way.
        files: ["components/**/*.ts"],
        rules: {
            "no-restricted-imports": [
                "error",
                {
                    paths: ROOT_IMPORTS,
                    patterns: [
                        {
                            group: ["**/config/**", "**/plan/**", "**/verify/**"],
                            message: "Components take arguments; they never read settings.",
                        },
                    ],
                },
            ],
        },
    },
);
