import { mockServices } from '@backstage/backend-test-utils';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { ManualClock } from '../testUtils/ManualClock';
import { aNewRequest } from '../testUtils/requests';
import { AuditorMirror } from './AuditorMirror';

describe('AuditorMirror', () => {
  let stores: TestStores;

  beforeEach(async () => {
    stores = await openTestStores({ clock: new ManualClock() });
  });

  afterEach(async () => {
    await stores.close();
  });

  it("tells Backstage's auditor what happened and where our own chain ends", async () => {
    const auditor = mockServices.auditor.mock();
    const success = jest.fn();
    const told = new Promise<void>(resolve => {
      success.mockImplementation(async () => resolve());
    });
    auditor.createEvent.mockResolvedValue({ success, fail: jest.fn() });
    const stop = new AuditorMirror({
      store: stores.requests,
      audit: stores.audit,
      auditor,
      logger: mockServices.logger.mock(),
    }).start();
    const request = aNewRequest();
    const { id } = await stores.requests.create({
      ...request,
      audit: [
        {
          eventId: 'request-create',
          actor: 'user:default/ada',
          outcome: 'succeeded',
          requestId: request.id,
          meta: {},
        },
      ],
    });
    await told;
    stop();
    const [event] = await stores.audit.read(id);
    expect(auditor.createEvent).toHaveBeenCalledWith({
      eventId: 'request-create',
      severityLevel: 'medium',
      meta: expect.objectContaining({
        actor: 'user:default/ada',
        requestId: id,
        namespaces: ['payments'],
        chainHead: event.mac,
        chainSequence: 1,
      }),
    });
  });
});
