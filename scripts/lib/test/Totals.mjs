/** What came out of the runners so far, one line per runner and their sum. */
export class Totals {
  #rows = [];

  add(name, { passed, failed }) {
    this.#rows.push({ name, passed, failed });
  }

  get failed() {
    return sum(this.#rows, 'failed');
  }

  /** A table of the runners; its last line is the sum. */
  toString() {
    const width = Math.max(0, ...this.#rows.map(({ name }) => name.length));
    const rows = this.#rows.map(
      row => `  ${row.name.padEnd(width)}  ${inWords(row)}`,
    );
    const all = { passed: sum(this.#rows, 'passed'), failed: this.failed };
    return ['', ...rows, '', inWords(all)].join('\n');
  }
}

const sum = (rows, field) => rows.reduce((total, row) => total + row[field], 0);

const inWords = ({ passed, failed }) => `${passed} passed, ${failed} failed`;
