// Splits a source file into its comments and the rest, by the language of its extension. Line breaks stay where they are.
import { parseSync } from 'vite';

/** Matches a comment, or a string that could contain the mark of one, of languages without a parser here. */
const TOKENS = {
  lua: /--\[\[[\s\S]*?\]\]|--[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\[\[[\s\S]*?\]\]/g,
  css: /\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g,
  sql: /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:''|[^'])*'/g,
  html: /<!--[\s\S]*?-->/g,
};
const COMMENT = { lua: /^--/, css: /^\/\*/, sql: /^(--|\/\*)/, html: /^<!--/ };
/** The marks that begin the lines of a comment. */
const MARKS = /^([ \t]*)(?:\/\*+|\*+\/|\*(?!\/)|\/\/+|--\[\[|--+|<!--)/gm;

/** Start and end of each comment of a text; empty for languages without comments, such as Markdown. */
function commentRanges(text, extension) {
  if (['ts', 'mjs', 'js'].includes(extension)) {
    const { comments, errors } = parseSync(`a.${extension}`, text);
    if (errors.length > 0) throw new Error(`cannot parse: ${errors[0].message}`);
    return comments.map(({ start, end }) => [start, end]);
  }
  if (!TOKENS[extension]) return [];
  return [...text.matchAll(TOKENS[extension])]
    .filter(([token]) => COMMENT[extension].test(token))
    .map((match) => [match.index, match.index + match[0].length]);
}

/** Joins line comments that follow each other, each alone on its line. */
function joinLineComments(text, ranges) {
  const joined = [];
  const isLine = (start) =>
    /^(\/\/|--(?!\[\[))/.test(text.slice(start, start + 4)) && /(^|\n)[ \t]*$/.test(text.slice(0, start));
  for (const [start, end] of ranges) {
    const last = joined.at(-1);
    if (last && isLine(last[0]) && isLine(start) && /^[ \t]*\n[ \t]*$/.test(text.slice(last[1], start))) last[1] = end;
    else joined.push([start, end]);
  }
  return joined;
}

const blank = (text) => text.replace(/[^\n]/g, ' ');

/**
 * Comments with their first line, without the marks that begin their lines, and the code with its comments blanked out.
 * Line comments that follow each other are one comment.
 */
export function splitSource(text, extension) {
  const ranges = commentRanges(text, extension);
  const comments = joinLineComments(text, ranges).map(([start, end]) => ({
    line: text.slice(0, start).split('\n').length,
    text: text
      .slice(start, end)
      .replace(MARKS, blank)
      .replace(/(\*\/|-->)$/, blank),
  }));
  let code = text;
  for (const [start, end] of ranges) code = code.slice(0, start) + blank(code.slice(start, end)) + code.slice(end);
  return { comments, code };
}
