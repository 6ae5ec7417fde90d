import { mockServices } from '@backstage/backend-test-utils';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { TestApi } from '../testUtils/TestApi';

const READ = 'kubernetes-access.request.read';
const APPROVE = 'kubernetes-access.request.approve';
const REVOKE = 'kubernetes-access.request.revoke';
const OPEN = 'kubernetes-access.session.open';
const PLAY = 'kubernetes-access.recording.read';

describe('what a call of the API asks others', () => {
  let api: TestApi;
  let asked: AccessRequestDetail;
  /** The permissions of each question to the framework. */
  let permissions: string[][];
  /** The entities of each question to the catalog. */
  let entities: string[][];

  beforeEach(async () => {
    const allowAll = mockServices.permissions();
    permissions = [];
    api = await TestApi.start({
      permissions: {
        authorizeConditional: allowAll.authorizeConditional.bind(allowAll),
        authorize: (questions, options) => {
          permissions.push(questions.map(({ permission }) => permission.name));
          return allowAll.authorize(questions, options);
        },
      },
    });
    asked = await api.ask();
    permissions.length = 0;
    entities = api.catalogQuestions;
    entities.length = 0;
  });

  afterEach(async () => {
    await api.stop();
  });

  it('shows somebody their own request without asking for their groups, and asks the framework once', async () => {
    await api.get('ada', `/requests/${asked.id}`).expect(200);
    expect(entities).toEqual([]);
    expect(permissions).toEqual([[READ, OPEN, PLAY]]);
  });

  it('shows a request to an approver with one question to each', async () => {
    await api.get('olga', `/requests/${asked.id}`).expect(200);
    expect(entities).toEqual([['group:default/payments']]);
    expect(permissions).toEqual([[READ, APPROVE, REVOKE]]);
  });

  it('judges a decision by one question to each, and asks again what may be done after it', async () => {
    await api.approve('olga', asked).expect(200);
    expect(entities).toEqual([
      ['component:default/payments-api', 'group:default/payments'],
    ]);
    expect(permissions).toEqual([
      [READ, APPROVE],
      [READ, APPROVE, REVOKE],
    ]);
  });

  it('asks neither cluster nor catalog about a request for those who were not named to decide on it', async () => {
    const get = jest.spyOn(api.cluster, 'get');
    await api.approve('sam', asked).expect(404);
    expect(get).not.toHaveBeenCalled();
    expect(entities).toEqual([['group:default/storefront']]);
    expect(permissions).toEqual([]);
  });

  it('lets somebody in by one question to the framework, and by none about groups', async () => {
    await api.approve('olga', asked).expect(200);
    await api.grant(asked.id);
    permissions.length = 0;
    entities.length = 0;
    await api
      .post('ada', `/requests/${asked.id}/sessions`, {
        namespace: 'payments',
        pod: 'payments-api-1',
        container: 'api',
        columns: 80,
        rows: 24,
      })
      .expect(201);
    expect(permissions).toEqual([[READ, OPEN]]);
    expect(entities).toEqual([]);
  });
});
