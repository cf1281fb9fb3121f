/** Plans the stack that is named on the command line. */
import { record } from "../../plan/record/record";
import { renderTree } from "../../plan/report/tree";
import { report } from "./report";

void record({ stack: process.argv[2] }).then((plan) => {
    renderTree(plan, { colour: false, width: 120 });
    report();
});
