// Marks the text that was searched for where it is shown. A highlight is a range beside the text, so rows stay as they are.

const MOST = 500;

/** `nodes` are the text nodes that are shown; `text` is in lower case, and nothing is marked when it is empty. */
export function markFound(nodes, text) {
  if (!CSS.highlights) return;
  if (text === '') {
    CSS.highlights.delete('found');
    return;
  }
  const ranges = [];
  for (const node of nodes) {
    const shown = node.data.toLowerCase();
    // Some letters are longer in lower case: then places in it are not places in the text.
    if (shown.length !== node.length) continue;
    for (let at = shown.indexOf(text); at >= 0 && ranges.length < MOST; at = shown.indexOf(text, at + text.length)) {
      ranges.push(new StaticRange({ startContainer: node, startOffset: at, endContainer: node, endOffset: at + text.length }));
    }
  }
  CSS.highlights.set('found', new Highlight(...ranges));
}
