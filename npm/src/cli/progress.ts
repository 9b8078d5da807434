// One line on standard error while work goes on, and only for a person who watches.

export class Progress {
  readonly #stream: NodeJS.WriteStream | undefined;
  readonly #started = Date.now();
  #shown = this.#started;

  constructor(quiet: boolean) {
    this.#stream = !quiet && process.stderr.isTTY ? process.stderr : undefined;
  }

  reading(files: number): void {
    if (this.#isTime()) this.#show(`reading: ${files} files`);
  }

  checking(files: number): void {
    if (Date.now() - this.#started >= 500 || files >= 100) this.#show(`checking ${files} files`);
  }

  /** How much of what there is to check is checked. */
  checked(units: number, all: number): void {
    if (this.#isTime()) this.#show(`checking: ${Math.floor((units / all) * 100)} %`);
  }

  done(): void {
    this.#show('');
  }

  /** Nothing for runs that are over before anyone could read it. */
  #isTime(): boolean {
    const now = Date.now();
    if (this.#stream === undefined || now - this.#started < 500 || now - this.#shown < 100) return false;
    this.#shown = now;
    return true;
  }

  #show(text: string): void {
    this.#stream?.write(`\r\x1b[K${text}`);
  }
}
