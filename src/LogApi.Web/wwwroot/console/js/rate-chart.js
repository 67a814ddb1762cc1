// <rate-chart>: entries over time, stacked by what their status says. A span of it is chosen by dragging or with the keyboard.

import { serviceNow } from './clock.js';
import { element, setText, svg } from './dom.js';
import { KINDS, RateCounts, heightOf, sumOf } from './rate-counts.js';
import { formatClockSeconds, formatNumber, formatRate, formatShort, formatSpan } from './text.js';

const SPAN = 15 * 60_000;
const MOST_BARS = 180;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600, 86_400].map((seconds) => seconds * 1000);
const NAMES = { bad: 'Failures', warn: 'Warnings', other: 'Other', good: 'OK' };
const REDRAW = 500;

/** Raises `range` ({ from, to }, milliseconds since 1970), `zoom-out`, and `kind` (a name of KINDS). */
export class RateChart extends HTMLElement {
  counts = new RateCounts();
  #range = null;
  #note = '';
  #choice = null;
  #cursor = null;
  #isDragging = false;
  #bars = [];
  #size = { width: 0, height: 0 };
  #domain = { from: 0, to: 1, step: 5_000 };
  #isDue = true;
  #timer = 0;

  connectedCallback() {
    if (this.plot) return;
    this.paths = Object.fromEntries(KINDS.map((kind) => [kind, svg('path', { class: `bar bar-${kind}` })]));
    this.grid = svg('path', { class: 'grid' });
    this.chosen = svg('rect', { class: 'chosen', y: '0', height: '100%', width: '0' });
    this.line = svg('line', { class: 'cursor', y1: '0', y2: '100%' });
    this.drawing = svg('svg', { class: 'drawing', 'aria-hidden': 'true' }, this.grid, ...Object.values(this.paths), this.chosen, this.line);
    this.tip = element('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });
    this.peak = element('span', { class: 'peak', 'aria-hidden': 'true' });
    this.plot = element('div', {
      class: 'plot', role: 'slider', tabindex: '0', 'aria-label': 'Entries over time. Arrow keys move, with Shift they choose a span, Enter zooms into it, Escape zooms out',
      'aria-valuemin': '0', 'aria-valuenow': '0', 'aria-valuemax': '0',
    }, this.drawing, this.peak, this.tip);
    this.legend = Object.fromEntries(KINDS.map((kind) => [kind, element('b', {}, '0')]));
    this.caption = element('span', { class: 'chart-caption' });
    this.zoomOut = element('button', { type: 'button', class: 'small', hidden: true, onclick: () => this.#raise('zoom-out') }, 'Zoom out');
    this.axis = element('div', { class: 'axis', 'aria-hidden': 'true' });
    this.append(
      element('div', { class: 'chart-head' },
        element('h2', {}, 'Rate'), this.caption, this.zoomOut,
        element('span', { class: 'legend' }, ...KINDS.map((kind) => element('button', {
          type: 'button', class: `legend-item status-${kind}`, title: `Only ${NAMES[kind].toLowerCase()}`, onclick: () => this.#raise('kind', kind),
        }, element('span', { class: 'shape', 'aria-hidden': 'true' }), `${NAMES[kind]} `, this.legend[kind])))),
      this.plot, this.axis);
    this.plot.addEventListener('pointerdown', (event) => this.#begin(event));
    this.plot.addEventListener('pointermove', (event) => this.#move(event));
    this.plot.addEventListener('pointerup', () => this.#finish());
    this.plot.addEventListener('pointercancel', () => this.#cancel());
    this.plot.addEventListener('pointerleave', () => !this.#isDragging && this.#point(null));
    this.plot.addEventListener('keydown', (event) => this.#onKey(event));
    this.plot.addEventListener('blur', () => this.#cancel());
    new ResizeObserver(([{ contentRect }]) => {
      this.#size = contentRect;
      this.#draw();
    }).observe(this.plot);
    // Counting is cheap, drawing less so: a few times a second is all an eye needs of a quarter of an hour.
    this.#timer = setInterval(() => {
      const end = this.#end();
      if (this.#isDue || (!this.#range && end !== this.#domain.to)) this.#draw();
    }, REDRAW);
    this.#draw();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  /** Has the chart drawn soon. */
  refresh() {
    this.#isDue = true;
  }

  /** The span that is zoomed into ({ from, to }); null for the last quarter of an hour. */
  set range(range) {
    this.#range = range;
    this.#choice = null;
    this.#cursor = null;
    if (this.plot) this.#draw();
  }

  /** What is to be known about where the figures are from. */
  set note(text) {
    this.#note = text;
    this.refresh();
  }

  #end() {
    return (Math.floor(serviceNow() / 5_000) + 1) * 5_000;
  }

  #findDomain() {
    const to = this.#range?.to ?? this.#end();
    const from = this.#range?.from ?? to - SPAN;
    const step = STEPS.find((candidate) => (to - from) / candidate <= MOST_BARS) ?? STEPS.at(-1);
    const start = Math.floor(from / step) * step;
    return { from: start, to: Math.max(start + step, Math.ceil(to / step) * step), step };
  }

  #timeAt(event) {
    const box = this.plot.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return this.#domain.from + (part * (this.#domain.to - this.#domain.from));
  }

  #begin(event) {
    if (event.button !== 0) return;
    this.plot.setPointerCapture(event.pointerId);
    const at = this.#timeAt(event);
    this.#isDragging = true;
    this.#choice = { from: at, to: at };
  }

  #move(event) {
    const at = this.#timeAt(event);
    if (this.#isDragging) this.#choice.to = at;
    this.#point(at);
  }

  #finish() {
    if (!this.#isDragging) return;
    this.#isDragging = false;
    this.#use();
  }

  #cancel() {
    this.#isDragging = false;
    this.#choice = null;
    this.#point(null);
  }

  #use() {
    const choice = this.#choice;
    this.#choice = null;
    const [from, to] = choice ? [Math.min(choice.from, choice.to), Math.max(choice.from, choice.to)] : [0, 0];
    // A click is not a drag.
    if (to - from >= this.#domain.step / 2) {
      const whole = (time) => Math.round(time / 1000) * 1000;
      this.#raise('range', { from: whole(from), to: Math.max(whole(from) + 1000, whole(to)) });
    }
    this.#drawPointer();
  }

  #onKey(event) {
    const { from, to, step } = this.#domain;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -12, PageUp: 12, Home: -Infinity, End: Infinity }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (steps !== undefined) {
      const before = this.#cursor ?? to - step;
      const at = Math.max(from, Math.min(to - step, before + (steps * step)));
      if (event.shiftKey) this.#choice = { from: this.#choice?.from ?? before, to: at + (at >= (this.#choice?.from ?? before) ? step : 0) };
      else this.#choice = null;
      this.#point(at);
    } else if (event.key === 'Enter' && this.#choice) this.#use();
    else if (event.key === 'Escape' && this.#choice) this.#cancel();
    else if (event.key === 'Escape' && this.#range) this.#raise('zoom-out');
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #point(time) {
    this.#cursor = time === null ? null : Math.floor(time / this.#domain.step) * this.#domain.step;
    this.#drawPointer();
  }

  #draw() {
    const { width, height } = this.#size;
    if (width === 0) return;
    this.#isDue = false;
    this.counts.trim(serviceNow());
    this.#domain = this.#findDomain();
    const { from, to, step } = this.#domain;
    this.#bars = this.counts.bars(from, to, step, serviceNow());
    const peak = this.#bars.reduce((most, bar) => Math.max(most, heightOf(bar)), 0);
    const bar = width / this.#bars.length;
    const paths = Object.fromEntries(KINDS.map((kind) => [kind, '']));
    const room = height - 14;
    // Gaps between bars that are hardly wider would be seen as stripes.
    const wide = (bar > 4 ? bar - 1 : bar).toFixed(2);
    this.#bars.forEach((counts, index) => {
      let base = height;
      for (const kind of KINDS) {
        if (counts[kind] <= 0) continue;
        // One failure among thousands must not be too low to be seen.
        const tall = Math.max(kind === 'bad' ? 1.5 : 0, counts[kind] / peak * room);
        paths[kind] += `M${(index * bar).toFixed(2)} ${base.toFixed(2)}h${wide}v${(-tall).toFixed(2)}h-${wide}z`;
        base -= tall;
      }
    });
    for (const kind of KINDS) this.paths[kind].setAttribute('d', paths[kind]);
    this.grid.setAttribute('d', [0, .5].map((part) => `M0 ${Math.round(height - (room * (1 - part))) + .5}H${width}`).join(''));
    setText(this.peak, peak > 0 ? formatRate(peak / (step / 1000)) : '');
    this.#drawWords();
    this.#drawAxis();
    this.#drawPointer();
  }

  #drawWords() {
    const sum = sumOf(this.#bars);
    for (const kind of KINDS) setText(this.legend[kind], formatShort(Math.round(sum[kind])));
    const span = this.#range ? formatSpan(this.#range.from, this.#range.to) : 'last 15 minutes';
    setText(this.caption, this.#note ? `${span} · ${this.#note}` : span);
    this.zoomOut.hidden = !this.#range;
  }

  #drawAxis() {
    const { from, to } = this.#domain;
    const labels = [0, 1, 2, 3].map((part) => {
      if (part === 3 && !this.#range) return 'now';
      const text = formatClockSeconds(new Date(from + ((to - from) * part / 3)));
      return this.#range ? text : text.slice(0, 5);
    });
    if (this.axis.childElementCount === 0) this.axis.append(...labels.map(() => element('span')));
    labels.forEach((text, index) => setText(this.axis.children[index], text));
  }

  #drawPointer() {
    const { from, to, step } = this.#domain;
    const { width } = this.#size;
    const x = (time) => Math.max(0, Math.min(width, (time - from) / (to - from) * width));
    const [start, end] = this.#choice ? [Math.min(this.#choice.from, this.#choice.to), Math.max(this.#choice.from, this.#choice.to)] : [from, from];
    this.chosen.setAttribute('x', x(start));
    this.chosen.setAttribute('width', Math.max(0, x(end) - x(start)));
    const isShown = this.#cursor !== null;
    this.line.style.visibility = isShown ? 'visible' : 'hidden';
    this.tip.hidden = !isShown;
    const index = Math.round(((this.#cursor ?? to - step) - from) / step);
    const words = this.#choice ? `From ${formatSpan(start, end).replace('–', 'to')}` : this.#describe(index);
    this.plot.setAttribute('aria-valuemax', this.#bars.length - 1);
    this.plot.setAttribute('aria-valuenow', Math.max(0, Math.min(this.#bars.length - 1, index)));
    this.plot.setAttribute('aria-valuetext', words);
    if (!isShown) return;
    const center = x(this.#cursor + (step / 2));
    this.line.setAttribute('x1', center);
    this.line.setAttribute('x2', center);
    setText(this.tip, words);
    this.tip.style.insetInlineStart = `${Math.max(0, Math.min(width - this.tip.offsetWidth, center + 8))}px`;
  }

  #describe(index) {
    const bar = this.#bars[index];
    if (!bar) return '';
    const time = formatClockSeconds(new Date(this.#domain.from + (index * this.#domain.step)));
    const parts = KINDS.filter((kind) => bar[kind] >= .5).map((kind) => `${formatNumber(Math.round(bar[kind]))} ${NAMES[kind]}`);
    return `${time} · ${parts.length > 0 ? `${parts.join(', ')} · ${formatRate(heightOf(bar) / (this.#domain.step / 1000))}` : 'nothing'}`;
  }

  #raise(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

customElements.define('rate-chart', RateChart);
