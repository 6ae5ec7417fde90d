import { deniedRequest, waitingRequest } from '../../testUtils/accessRequests';
import { toCsv, toJson } from './exportRows';

describe('an export', () => {
  it('has a row for each request under a row of names', () => {
    const rows = toCsv([waitingRequest(), deniedRequest()]).split('\r\n');
    expect(rows).toHaveLength(4); // the last one is empty
    expect(rows[0]).toMatch(/^id,phase,asked_at,asked_by,entity,/);
    expect(rows[1]).toContain(
      ',user:default/ada,component:default/payments-api,demo,payments,exec,3600,',
    );
    expect(rows[2]).toContain('Denied');
  });

  it('keeps what people wrote in one field', () => {
    const csv = toCsv([
      waitingRequest({ reason: 'The "queue",\nwhich is stuck' }),
    ]);
    expect(csv).toContain(',"The ""queue"",\nwhich is stuck",');
  });

  it.each(['=1+1', '+49 30', '-x', '@SUM(A1)', '\tx'])(
    'never becomes a formula: %p',
    reason => {
      expect(toCsv([waitingRequest({ reason })])).toContain(`,'${reason},`);
    },
  );

  it('leaves out what is only true for the reader and now', () => {
    const [request] = JSON.parse(toJson([waitingRequest()]));
    expect(request).toMatchObject({ phase: 'Pending', decisions: [] });
    expect(request).not.toHaveProperty('actions');
    expect(request).not.toHaveProperty('asOf');
  });
});
