import pulumi from "@pulumi/eslint-plugin";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

export default tseslint.config(
    {
        ignores: [
            "node_modules/",
            "dist/",
            ".tools/",
            ".local/",
            ".local-test/",
            ".local-engine/",
            ".local-bench/",
            ".smoke/",
            "app/",
            "**/*.js",
            "**/*.mjs",
            "**/*.cjs",
        ],
    },
    ...tseslint.configs.recommendedTypeChecked,
    {
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        plugins: { "@pulumi": pulumi },
        rules: {
            "@pulumi/no-output-in-template-literal": "error",
            "@typescript-eslint/no-explicit-any": "error",
            "@typescript-eslint/consistent-type-imports": "error",
            "@typescript-eslint/switch-exhaustiveness-check": "error",
            "max-lines": ["warn", { max: 250, skipBlankLines: true, skipComments: true }],
        },
    },
    prettier,
);
