// Colours for Python and C++ sources: comments, texts, numbers and keywords, and no more. A line at a time, with what a line
// leaves open for the next one. (The libraries for this know two hundred languages and weigh more than the rest of the page.)

const PYTHON = {
  words: new Set("False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield match case self".split(" ")),
  rule: /(#.*)|([rbfuRBFU]{0,2}(?:"""|'''))|([rbfuRBFU]{0,2}(?:"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?))|(\b\d[\w.]*)|([A-Za-z_]\w*)/g,
};
const CPP = {
  words: new Set("alignas auto bool break case catch char class concept const constexpr continue co_await co_return co_yield default delete do double else enum explicit extern false float for friend if inline int long mutable namespace new noexcept nullptr operator private protected public requires return short signed sizeof static struct switch template this throw true try typedef typename union unsigned using virtual void volatile while".split(" ")),
  rule: /(\/\/.*|^\s*#\s*\w+)|(\/\*)|("(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)|(\b\d[\w.']*)|([A-Za-z_]\w*)/g,
};

/// [[text, class or ""], ...] for each line.
export function highlight(lines, fileName) {
  const language = /\.(c|cc|cpp|cxx|h|hh|hpp|hxx|inc|ipp)$/.test(fileName) ? CPP : PYTHON;
  let open = "";
  return lines.map((line) => {
    const parts = [];
    let at = 0;
    const put = (end, kind) => { if (end > at) parts.push([line.slice(at, end), kind]); at = end; };
    const close = (from) => {
      const end = line.indexOf(open, from);
      const kind = open === "*/" ? "comment" : "string";
      if (end < 0) return put(line.length, kind);
      put(end + open.length, kind);
      open = "";
    };
    if (open) close(0);
    while (at < line.length) {
      language.rule.lastIndex = at;
      const found = language.rule.exec(line);
      if (!found) break;
      put(found.index, "");
      const end = found.index + found[0].length;
      if (found[1]) put(end, "comment");
      else if (found[2]) {
        open = language === CPP ? "*/" : found[2].slice(-3);
        const start = at;
        close(end);
        if (at === start) put(end, "string");
      } else if (found[3]) put(end, "string");
      else if (found[4]) put(end, "number");
      else put(end, language.words.has(found[5]) ? "keyword" : "");
    }
    put(line.length, "");
    return parts;
  });
}
