// <rate-chart>: entries a second of the last minutes, stacked by status. Drag to choose a span of time.

import { element, everyFrame } from './dom.js';
import { formatNumber, kindOf } from './text.js';

const SPAN = 15 * 60_000;
const SLOT = 5_000;
const SLOTS = SPAN / SLOT;
const KINDS = ['good', 'other', 'warn', 'bad'];

/** Raises `range` ({ from, to }, milliseconds since 1970). */
export class RateChart extends HTMLElement {
  #slots = new Map();
  #drag = null;
  #render = everyFrame(() => this.#draw());
  #timer = 0;

  connectedCallback() {
    if (this.canvas) return;
    this.canvas = element('canvas', { 'aria-hidden': 'true' });
    this.summary = element('p', { class: 'visually-hidden' });
    this.caption = element('p', { class: 'chart-caption' });
    this.append(this.canvas, this.summary, this.caption);
    new ResizeObserver(this.#render).observe(this);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', this.#render);
    this.canvas.addEventListener('pointerdown', (event) => this.#begin(event));
    this.canvas.addEventListener('pointermove', (event) => this.#move(event));
    this.canvas.addEventListener('pointerup', (event) => this.#end(event));
    this.canvas.addEventListener('pointercancel', () => { this.#drag = null; this.#render(); });
    this.#timer = setInterval(this.#render, 1_000);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  clear() {
    this.#slots.clear();
    this.#render();
  }

  /** Counts entries by their own time. */
  add(entries) {
    for (const entry of entries) {
      const slot = Math.floor(Date.parse(entry.timestamp) / SLOT);
      let counts = this.#slots.get(slot);
      if (!counts) this.#slots.set(slot, counts = { good: 0, other: 0, warn: 0, bad: 0 });
      const kind = kindOf(entry.status).name;
      counts[kind === 'none' ? 'other' : kind] += 1;
    }
    this.#render();
  }

  /** Fills what came before this page was opened from the counts a minute that the service keeps. */
  seed(minutes, beforeMilliseconds) {
    for (const minute of minutes) {
      const start = Date.parse(minute.minute);
      for (let part = 0; part < 60_000 / SLOT; part += 1) {
        const slot = Math.floor(start / SLOT) + part;
        if (slot * SLOT >= beforeMilliseconds || this.#slots.has(slot)) continue;
        const counts = { good: 0, other: 0, warn: 0, bad: 0 };
        for (const [status, number] of Object.entries(minute.by_status)) counts[kindOf(status).name] += number * SLOT / 60_000;
        this.#slots.set(slot, counts);
      }
    }
    this.#render();
  }

  #timeAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const end = this.#end0();
    return end - SPAN + (Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * SPAN);
  }

  #end0() {
    return (Math.floor(Date.now() / SLOT) + 1) * SLOT;
  }

  #begin(event) {
    this.canvas.setPointerCapture(event.pointerId);
    const at = this.#timeAt(event);
    this.#drag = { from: at, to: at };
  }

  #move(event) {
    if (!this.#drag) return;
    this.#drag.to = this.#timeAt(event);
    this.#render();
  }

  #end(event) {
    if (!this.#drag) return;
    this.#drag.to = this.#timeAt(event);
    const [from, to] = [Math.min(this.#drag.from, this.#drag.to), Math.max(this.#drag.from, this.#drag.to)];
    this.#drag = null;
    this.#render();
    if (to - from >= SLOT) this.dispatchEvent(new CustomEvent('range', { detail: { from, to } }));
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0) return;
    const ratio = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio)) this.canvas.width = Math.round(width * ratio);
    if (this.canvas.height !== Math.round(height * ratio)) this.canvas.height = Math.round(height * ratio);
    const paint = this.canvas.getContext('2d');
    paint.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint.clearRect(0, 0, width, height);
    const style = getComputedStyle(this);
    const end = this.#end0() / SLOT;
    for (const slot of this.#slots.keys()) if (slot < end - SLOTS) this.#slots.delete(slot);
    let peak = 1;
    let total = 0;
    let bad = 0;
    for (const counts of this.#slots.values()) {
      const sum = counts.good + counts.other + counts.warn + counts.bad;
      peak = Math.max(peak, sum);
      total += sum;
      bad += counts.bad;
    }
    const bar = width / SLOTS;
    for (let index = 0; index < SLOTS; index += 1) {
      const counts = this.#slots.get(end - SLOTS + index);
      if (!counts) continue;
      let base = height;
      for (const kind of KINDS) {
        const tall = counts[kind] / peak * (height - 4);
        if (tall <= 0) continue;
        paint.fillStyle = style.getPropertyValue(`--status-${kind}`);
        paint.fillRect(index * bar, base - tall, Math.max(1, bar - 1), tall);
        base -= tall;
      }
    }
    if (this.#drag) {
      const start = (end * SLOT) - SPAN;
      const [from, to] = [Math.min(this.#drag.from, this.#drag.to), Math.max(this.#drag.from, this.#drag.to)];
      paint.fillStyle = style.getPropertyValue('--selection');
      paint.fillRect((from - start) / SPAN * width, 0, (to - from) / SPAN * width, height);
    }
    const text = `Last 15 minutes: ${formatNumber(Math.round(total))} entries, ${formatNumber(Math.round(bad))} failed; peak ${formatNumber(Math.round(peak / (SLOT / 1000)))}/s`;
    if (this.caption.textContent !== text) this.caption.textContent = text;
  }
}

customElements.define('rate-chart', RateChart);
