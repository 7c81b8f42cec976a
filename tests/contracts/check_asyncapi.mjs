// Reads an AsyncAPI document and prints what the reference parser holds against it, as JSON.
// Run by test_asyncapi.py; needs @asyncapi/parser in node_modules. Reads nothing from the network.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const parser = new Parser();
const { document, diagnostics } = await parser.parse(readFileSync(process.argv[2], "utf8"));
process.stdout.write(
  JSON.stringify({
    understood: document !== undefined,
    messages: document ? document.allMessages().all().length : 0,
    operations: document ? document.allOperations().all().length : 0,
    diagnostics: diagnostics.map((d) => ({
      severity: d.severity,
      code: d.code,
      message: d.message,
      path: d.path.join("."),
    })),
  }),
);
