import fc from 'fast-check';
import { readExecStatus } from './execStatus';

function status(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function exitCode(code: string): Buffer {
  return status({
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: code }] },
  });
}

describe('readExecStatus', () => {
  it('reads a success as 0', () => {
    expect(readExecStatus(status({ status: 'Success' }), false)).toEqual({
      code: 0,
      noShell: false,
    });
  });

  it('reads an exit code', () => {
    expect(readExecStatus(exitCode('3'), false)).toEqual({
      code: 3,
      noShell: false,
    });
  });

  it.each([
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "sh": executable file not found in $PATH: unknown',
    'failed to exec in container: failed to start exec "ab": stat /bin/sh: no such file or directory: unknown',
  ])('knows that a container has no shell: %s', message => {
    expect(
      readExecStatus(
        status({ status: 'Failure', reason: 'InternalError', message }),
        false,
      ),
    ).toEqual({ code: null, message, noShell: true });
  });

  it('takes 127 for a missing shell only when nothing was typed', () => {
    expect(readExecStatus(exitCode('127'), false)?.noShell).toBe(true);
    expect(readExecStatus(exitCode('127'), true)).toEqual({
      code: 127,
      noShell: false,
    });
  });

  it('says what the cluster says about other failures', () => {
    expect(
      readExecStatus(
        status({
          status: 'Failure',
          reason: 'InternalError',
          message: 'x'.repeat(2000),
        }),
        false,
      ),
    ).toEqual({ code: null, message: 'x'.repeat(500), noShell: false });
  });

  it('waits for the rest of a status that is not whole', () => {
    const whole = exitCode('3');
    expect(readExecStatus(whole.subarray(0, 20), false)).toBeUndefined();
    expect(readExecStatus(Buffer.alloc(0), false)).toBeUndefined();
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.json(), text => {
        expect(() => readExecStatus(Buffer.from(text), false)).not.toThrow();
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        expect(() => readExecStatus(Buffer.from(bytes), false)).not.toThrow();
      }),
    );
  });
});
