// What this browser knows of the log: its key, which can be compared with one from elsewhere, and the newest checkpoint.

import { field, form, openDialog } from './dialog.js';
import { copy, element } from './dom.js';
import { readVerifierKey } from './note.js';
import { formatTime } from './text.js';

export function keyDialog(watch) {
  const state = element('p', { class: 'key-state' });
  const facts = element('dl', { class: 'facts' });
  const show = () => {
    const memory = watch.memory.read();
    state.replaceChildren(element('strong', {}, watch.state.title), ` ${watch.state.words}${watch.state.at ? ` Last look: ${formatTime(watch.state.at)}.` : ''}`);
    facts.replaceChildren(...factsOf(memory).flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
    copyButton.hidden = memory.vkey === null;
    unkept.hidden = watch.memory.isKept;
  };
  const copyButton = element('button', { type: 'button', onclick: () => copy(watch.memory.read().vkey).then(() => { copyButton.textContent = 'Copied'; }, () => { copyButton.textContent = 'Not allowed by the browser'; }) }, 'Copy the key');
  const unkept = element('p', { class: 'problem', hidden: true }, 'This browser keeps nothing between visits: what it has seen of the log is lost when the page is closed.');
  const dialog = openDialog('What this browser checks',
    state, unkept, facts, copyButton, compareForm(watch),
    element('p', { class: 'hint' }, 'This page comes from the service that it checks: who controls the service could change the page as well. To check without trusting it, save a proof and run the command verify of another copy of LogApi, with this key.'));
  const stop = new AbortController();
  watch.addEventListener('state', show, { signal: stop.signal });
  watch.memory.addEventListener('change', show, { signal: stop.signal });
  dialog.addEventListener('close', () => stop.abort());
  show();
}

function factsOf(memory) {
  if (memory.vkey === null) return [['Key', 'none yet']];
  const how = memory.how === 'first' ? 'the first time that this browser came here' : 'an operator replaced the one before';
  return [
    ['Key that this browser trusts', memory.vkey],
    ['Since', `${formatTime(memory.since)}, ${how}`],
    ['Compared with one from elsewhere', memory.compared ? formatTime(memory.compared) : 'not yet'],
    ['Newest checkpoint that was checked', memory.checkpoint ?? 'none yet'],
    ...memory.earlier.map((log) => [`Trusted until ${formatTime(log.until)}`, log.checkpoint ? `${log.vkey}\n${log.checkpoint}` : log.vkey]),
  ];
}

function compareForm(watch) {
  const verdict = element('p', { class: 'key-verdict', role: 'status' });
  const replace = element('button', { type: 'button', hidden: true }, 'Trust this key instead');
  const made = form([field('vkey', 'Key that you have from the operator, by another way', { autocomplete: 'off', spellcheck: 'false' })], 'Compare', async () => {
    const given = made.vkey.value.trim();
    replace.hidden = true;
    verdict.textContent = '';
    await readVerifierKey(given);
    if (given === watch.memory.read().vkey) {
      watch.memory.markCompared();
      verdict.textContent = 'It is the same key. From now on that is noted here.';
      return;
    }
    verdict.textContent = 'It is another key than the one that this browser trusts: the log that is shown here is not the one that you mean.';
    replace.hidden = false;
    replace.onclick = () => {
      watch.memory.trust(given, 'replaced');
      watch.memory.markCompared();
      replace.hidden = true;
      verdict.textContent = 'This browser trusts this key from now on.';
      watch.lookAgain();
    };
  });
  made.append(verdict, replace);
  return made;
}
