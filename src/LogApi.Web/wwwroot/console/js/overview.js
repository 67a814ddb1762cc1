// The whole log in a few figures, and who writes most.

import { element, setText } from './dom.js';
import { formatNumber, formatShort, kindOf } from './text.js';

const USERS = 5;
const FIGURES = [['entries', 'Entries'], ['users', 'Users'], ['failed', 'Failed'], ['rate', 'Now']];

export class Overview {
  #figures;
  #busiest;
  #choose;

  /** `choose(user)` is called when a user is clicked. */
  constructor(counters, busiest, choose) {
    this.#figures = Object.fromEntries(FIGURES.map(([name]) => [name, element('dd', {}, '–')]));
    counters.replaceChildren(...FIGURES.map(([name, title]) => element('div', { class: `figure figure-${name}` }, element('dt', {}, title), this.#figures[name])));
    this.#busiest = busiest;
    this.#choose = choose;
  }

  static get users() {
    return USERS;
  }

  show(stats) {
    const all = Object.values(stats.by_status).reduce((sum, count) => sum + count, 0);
    const failed = Object.entries(stats.by_status).filter(([status]) => kindOf(status).name === 'bad').reduce((sum, [, count]) => sum + count, 0);
    this.#write('entries', stats.totals.kept);
    this.#write('users', stats.totals.users);
    this.#write('failed', failed, all > 0 ? ` · ${(failed / all * 100).toFixed(failed > 0 && failed / all < .1 ? 1 : 0)} %` : '');
    this.#showUsers(stats.busiest_users);
  }

  showRate(text) {
    setText(this.#figures.rate, text);
  }

  #write(name, number, more = '') {
    setText(this.#figures[name], `${formatShort(number)}${more}`);
    this.#figures[name].title = formatNumber(number);
  }

  // Rows stay where they are when only figures change, so that a click hits what was aimed at.
  #showUsers(users) {
    const most = users[0]?.entries ?? 1;
    while (this.#busiest.childElementCount > users.length) this.#busiest.lastElementChild.remove();
    users.forEach((user, index) => {
      let row = this.#busiest.children[index];
      if (!row) {
        row = element('li', {}, element('button', { type: 'button', class: 'user', onclick: (event) => this.#choose(event.currentTarget.dataset.user) },
          element('span', { class: 'user-name' }), element('span', { class: 'count' }), element('i', { 'aria-hidden': 'true' })));
        this.#busiest.append(row);
      }
      const button = row.firstElementChild;
      const [name, count, bar] = button.children;
      button.dataset.user = user.user_id;
      button.title = `Only entries of ${user.user_id}`;
      setText(name, user.user_id);
      setText(count, formatShort(user.entries));
      bar.style.transform = `scaleX(${user.entries / most})`;
    });
  }
}
