// Cuts fonts into slices for browsers. Standard input: {"fonts": {weight: path}, "slices": [letters], "target": folder}.
// Writes <weight>-<number>.woff2 for each. Started by tools/assets.py.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import fontverter from "fontverter";
import subsetFont from "subset-font";

// Of what the font can do, what these pages ask of it: no vertical lines, no small letters beside others. Kanji alone
// never move towards each other; the tables that would say so are as long as one of them.
const HOW = { noHinting: true, dropTables: ["BASE", "STAT", "VORG", "vhea", "vmtx"] };
const LETTERS = { ...HOW, keepFeatures: ["ccmp", "kern", "locl", "mark", "mkmk", "tnum"] };
const KANJI = { ...HOW, keepFeatures: [], dropTables: [...HOW.dropTables, "GDEF", "GPOS", "GSUB"] };
const ALL_KANJI = /^\p{Script=Han}+$/u;
const ENTRY = 16; // bytes of one line of a font's own table of contents: tag, sum, offset, length

// A table of names that names nothing: browsers want one, nobody reads it, and the licence lies beside the slices.
const unnamed = (font) => {
  for (let at = 12; at < 12 + ENTRY * font.readUInt16BE(4); at += ENTRY) {
    if (font.toString("latin1", at, at + 4) !== "name") continue;
    const start = font.readUInt32BE(at + 8);
    font.fill(0, start, start + font.readUInt32BE(at + 12));
    font.writeUInt16BE(6, start + 4); // where its strings would begin
  }
  return font;
};

const { fonts, slices, target } = JSON.parse(readFileSync(0, "utf-8"));
for (const [weight, path] of Object.entries(fonts)) {
  const font = readFileSync(path);
  for (const [number, letters] of slices.entries()) {
    const how = ALL_KANJI.test(letters) ? KANJI : LETTERS;
    const slice = await subsetFont(font, letters, { ...how, targetFormat: "truetype" });
    writeFileSync(join(target, `${weight}-${number}.woff2`), await fontverter.convert(unnamed(slice), "woff2"));
  }
}
