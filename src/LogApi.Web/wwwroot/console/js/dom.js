// Elements without a template engine: `element('button', { class: 'quiet', type: 'button' }, 'Close')`.

const SVG = 'http://www.w3.org/2000/svg';

export function element(name, properties = {}, ...children) {
  return fill(document.createElement(name), properties, children);
}

export function svg(name, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, name), properties, children);
}

/** One of the drawings that stand at the top of the page. It says nothing by itself: what it is on has a name. */
export function icon(name) {
  return svg('svg', { class: 'icon', 'aria-hidden': 'true' }, svg('use', { href: `#icon-${name}` }));
}

function fill(made, properties, children) {
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Writes a text only when it is another one, so that nothing is laid out or said again for the same words. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Calls at most once a frame, however often it is asked to. */
export function everyFrame(action) {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      action();
    });
  };
}

export async function copy(text) {
  await navigator.clipboard.writeText(text);
}

/** Saves a text as a file. */
export function saveText(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  element('a', { href: address, download: name }).click();
  // The browser has taken it over by the next turn.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
