// Builds what pages need from the npm packages: one style sheet, the icons it names, one script.
//
// Knows where the packages lie and where Django looks for static files. It copies only what the style sheet names, so
// that no crest, crown or typeface of GOV.UK can slip into the product (tests/web/test_build.py holds it to that).
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const target = join(here, "../static/docstore/build");
const govuk = join(root, "node_modules/govuk-frontend/dist/govuk");
const moj = join(root, "node_modules/@ministryofjustice/frontend/moj");

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, "images"), { recursive: true });

const { css } = sass.compile(join(here, "pages.scss"), {
  loadPaths: [root, here],
  style: "compressed",
  quietDeps: true,
  // MoJ still calls a GOV.UK mixin that is on its way out; that is theirs to settle. Any other warning is ours.
  logger: { warn: (message) => message.includes("govuk-text-colour") || console.warn(message) },
});
const named = new Set([...css.matchAll(/url\("?\.\/images\/([^")]+)"?\)/g)].map((found) => found[1]));
for (const image of named) {
  cpSync(join(moj, "assets/images", basename(image)), join(target, "images", basename(image)));
}
writeFileSync(join(target, "pages.css"), css);
// Its source map is not shipped; a line naming it would stop collectstatic, which follows such lines.
const script = readFileSync(join(govuk, "govuk-frontend.min.js"), "utf8").replace(/\/\/# sourceMappingURL=.*/, "");
writeFileSync(join(target, "govuk-frontend.min.js"), script);
console.log(`pages.css ${Math.round(css.length / 1024)} kB, ${named.size} icons, govuk-frontend.min.js`);
