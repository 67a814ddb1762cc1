// Signing in, and whatever needs it first.

import * as api from './api.js';
import { field, form, openDialog } from './dialog.js';
import { element } from './dom.js';
import { session } from './session.js';

export function signInDialog(onSignedIn = () => {}) {
  const dialog = openDialog('Sign in', element('p', {}, 'A session is for this tab only, and ends by itself.'),
    form([field('user_id', 'User id', { required: true, maxlength: '128', autocomplete: 'username', autofocus: true })], 'Sign in', async (made) => {
      await api.signIn(made.user_id.value);
      dialog.close();
      onSignedIn();
    }));
}

/** Does what needs a session, after asking for one when there is none. */
export const withSession = (action) => (session.current ? action() : signInDialog(action));

/** A way back for a form whose session has ended under it; null for every other fault. */
export const signInAgain = (fault) => (fault.status === 401
  ? element('button', { type: 'button', class: 'link', onclick: () => signInDialog() }, 'Sign in; what you typed stays here.')
  : null);
