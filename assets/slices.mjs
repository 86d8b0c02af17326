// Cuts fonts into slices for browsers. Standard input: {"fonts": {weight: path}, "slices": [letters], "target": folder}.
// Writes <weight>-<number>.woff2 for each. Started by tools/assets.py.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import subsetFont from "subset-font";

// Of what the font can do, what these pages ask of it: no vertical lines, no small letters beside others.
const HOW = {
  targetFormat: "woff2",
  keepFeatures: ["ccmp", "kern", "locl", "mark", "mkmk", "tnum"],
  dropTables: ["BASE", "VORG", "vhea", "vmtx"],
  noHinting: true,
};
const { fonts, slices, target } = JSON.parse(readFileSync(0, "utf-8"));
for (const [weight, path] of Object.entries(fonts)) {
  const font = readFileSync(path);
  for (const [number, letters] of slices.entries()) {
    const slice = await subsetFont(font, letters, HOW);
    writeFileSync(join(target, `${weight}-${number}.woff2`), slice);
  }
}
