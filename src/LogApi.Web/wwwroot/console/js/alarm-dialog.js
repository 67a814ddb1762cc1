// What an alarm is about, its evidence, and how to go on from it.

import * as api from './api.js';
import { form, openDialog } from './dialog.js';
import { element, saveText } from './dom.js';
import { readVerifierKey } from './note.js';
import { formatTime } from './text.js';

export function alarmDialog(watch) {
  const { alarms } = watch.memory.read();
  const dialog = openDialog('Alarms',
    element('p', {}, 'What the service shows does not go with what this browser has seen and checked before. Two checkpoints that contradict each other, both signed, are evidence that nobody can talk away: save them before you go on.'),
    element('ol', { class: 'alarm-list' }, ...alarms.map(findingOf)),
    element('button', { type: 'button', onclick: () => saveText('logapi-evidence.json', JSON.stringify({ console: location.origin, alarms }, null, 2)) }, 'Save the evidence'),
    form([
      element('fieldset', {}, element('legend', {}, 'From here on'),
        choice('keep', 'Go on with the log that this browser has seen. If the service still contradicts it, the alarm comes back.', true),
        choice('trust', 'Trust the log that the service shows now, with its key, in place of the one before. Do this only when you know why it is another one.', false)),
      element('label', { class: 'check' }, element('input', { type: 'checkbox', name: 'known' }), element('span', {}, 'I know why this alarm was raised')),
    ], 'Acknowledge', async (made) => {
      if (!made.known.checked) throw new Error('Confirm that you know why the alarm was raised: the banner stays until somebody does.');
      if (made.next.value === 'trust') {
        const { vkey } = await api.readTransparency();
        await readVerifierKey(vkey);
        watch.memory.trust(vkey, 'replaced');
      }
      watch.memory.clearAlarms();
      dialog.close();
      watch.lookAgain();
    }));
}

const findingOf = ({ title, words, at, facts }) => element('li', {},
  element('h3', {}, title),
  element('p', {}, `${words} Noticed ${formatTime(at)}.`),
  element('details', {}, element('summary', {}, 'What was compared'),
    element('dl', { class: 'facts' }, ...facts.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]))));

const choice = (value, text, checked) => element('label', { class: 'check' },
  element('input', { type: 'radio', name: 'next', value, checked }), element('span', {}, text));
