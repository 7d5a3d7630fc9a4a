import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

// node's test() returns a promise that its runner awaits.
const tests = { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: "test" }] };

export default defineConfig(js.configs.recommended, tseslint.configs.strictTypeChecked, {
  languageOptions: { parserOptions: { projectService: true } },
  rules: { "@typescript-eslint/no-floating-promises": ["error", tests] },
});
