import { runTests } from "../mocha";

export const run = (): Promise<void> => runTests(__dirname);
