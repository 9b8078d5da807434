// The order of messages that the Language Server Protocol asks for: https://microsoft.github.io/language-server-protocol/,
// "Server lifecycle". The library of the server leaves it to the server.

import { ErrorCodes, Message, type MessageReader, type MessageWriter } from 'vscode-languageserver';

/**
 * A reader that passes on what is allowed in the present phase, and answers other requests with the protocol's errors.
 * `lost` is called after a header that cannot be read: nothing says where the next message starts.
 */
export function inOrder(
  reader: MessageReader,
  writer: MessageWriter,
  lost: (error: Error) => void,
): { reader: MessageReader; isShutDown: () => boolean } {
  let phase: 'new' | 'running' | 'shut down' = 'new';
  const refuse = (id: string | number | null, code: number, message: string): void => {
    const answer = { jsonrpc: '2.0', id, error: { code, message } };
    writer.write(answer).catch(() => undefined);
  };
  const fault = (method: string): [number, string] | undefined => {
    if (phase === 'shut down') return [ErrorCodes.InvalidRequest, 'the server was shut down'];
    if (method === 'initialize') {
      if (phase === 'new') return undefined;
      return [ErrorCodes.InvalidRequest, 'the server is initialized already'];
    }
    return phase === 'new' ? [ErrorCodes.ServerNotInitialized, '`initialize` must be the first request'] : undefined;
  };
  const take = (message: Message, pass: (message: Message) => void): void => {
    if (typeof message !== 'object' || message === null || Array.isArray(message)) {
      refuse(null, ErrorCodes.InvalidRequest, 'a message must be one JSON object');
      return;
    }
    if (Message.isRequest(message)) {
      const found = fault(message.method);
      if (found !== undefined) {
        refuse(message.id, ...found);
        return;
      }
      if (message.method === 'initialize') phase = 'running';
      if (message.method === 'shutdown') phase = 'shut down';
    } else if (Message.isNotification(message) && message.method !== 'exit' && phase !== 'running') {
      return;
    }
    pass(message);
  };
  reader.onError((error) => {
    if (error instanceof SyntaxError) refuse(null, ErrorCodes.ParseError, error.message);
    else lost(error);
  });
  return {
    reader: {
      onError: reader.onError,
      onClose: reader.onClose,
      onPartialMessage: reader.onPartialMessage,
      listen: (pass) => reader.listen((message) => take(message, pass)),
      dispose: () => reader.dispose(),
    },
    isShutDown: () => phase === 'shut down',
  };
}
