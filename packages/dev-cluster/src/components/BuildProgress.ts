import { Log } from '../Cluster';

const REPORT_EVERY_MS = 15_000;

/** Turns the chatter of `go build -v` into a line now and then. */
export class BuildProgress {
  private downloads = 0;
  private compiled = 0;
  private readonly started: number;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly name: string,
    private readonly log: Log,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.started = now();
    this.timer = setInterval(() => this.report(), REPORT_EVERY_MS);
    this.timer.unref();
  }

  see(line: string): void {
    if (line.startsWith('go: downloading ')) {
      this.downloads++;
    } else if (/^[\w.-]+(\/[\w.~+-]+)*$/.test(line)) {
      this.compiled++;
    }
  }

  report(): void {
    const parts = [`${this.compiled} packages compiled`];
    if (this.downloads > 0) {
      parts.unshift(`${this.downloads} modules downloaded`);
    }
    this.log(`  ${this.name}: ${parts.join(', ')} after ${this.elapsed()}`);
  }

  elapsed(): string {
    const seconds = Math.round((this.now() - this.started) / 1000);
    return seconds < 60
      ? `${seconds} s`
      : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
