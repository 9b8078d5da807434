// A progress line on standard error, if that is a terminal.

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

  checked(units: number, all: number): void {
    if (this.#isTime()) this.#show(`checking: ${Math.floor((units / all) * 100)} %`);
  }

  done(): void {
    this.#show('');
  }

  /** Short runs show no progress, and long ones update it ten times a second. */
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
