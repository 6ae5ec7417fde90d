import type { ChildProcess } from 'node:child_process';

/** The first message of a process that is an answer. What it was compiled with sends messages, too. */
export async function answerOf<Answer>(
  child: ChildProcess,
  isAnswer: (message: unknown) => message is Answer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    child.on('message', message => {
      if (isAnswer(message)) resolve(message);
    });
    child.once('exit', code =>
      reject(new Error(`The process ended with ${code} before it answered`)),
    );
  });
}
