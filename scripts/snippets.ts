import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** `<!-- path -->` or `<!-- path: export -->`, followed by a fenced block. */
const BLOCK = /<!-- (\S+\.[a-z]+)(?:: (\w+))? -->\n```(\w+)\n[\s\S]*?```/g;

/** Pages that show code. */
export const pages = (): string[] => {
  const documents = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );
  return ['README.md', ...documents.map((name) => `docs/${name}`)].sort();
};

/** A page with each marked block filled from its file: the whole of it, or one exported declaration. */
export function withSnippets(markdown: string): string {
  return markdown.replace(BLOCK, (_block, path: string, name: string | undefined, language: string) => {
    const text = readFileSync(path, 'utf8').trimEnd();
    const mark = name === undefined ? path : `${path}: ${name}`;
    return `<!-- ${mark} -->\n\`\`\`${language}\n${name === undefined ? text : declaration(text, name)}\n\`\`\``;
  });
}

/** From the line that exports the name, its comment left out, to the next blank line at the margin. */
function declaration(text: string, name: string): string {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => new RegExp(`^export (const|function|class) ${name}\\b`).test(line));
  if (from < 0) throw new Error(`nothing named ${name} is exported`);
  const length = lines.slice(from).findIndex((line) => line === '');
  return lines.slice(from, length < 0 ? undefined : from + length).join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const page of pages()) writeFileSync(page, withSnippets(readFileSync(page, 'utf8')));
}
