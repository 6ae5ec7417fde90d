import { Link, LinkButton } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type {
  AccessRequest,
  EntityAccess,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { isTerminal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Typography from '@material-ui/core/Typography';
import { useOptionalRouteRef } from '../../hooks';
import { entityContentRouteRef } from '../../routes';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Line } from '../AccessTab/Line';
import { SUB_PATHS } from '../AccessTab/paths';
import {
  blockingProblem,
  currentRequests,
  withoutOpenPlaces,
} from '../AccessTab/places';
import { RequestSentence } from '../AccessTab/RequestSentence';
import { PhaseLabel, Place } from '../ui';

/** A card is for a look in passing: who has more open than this finds the rest in the tab. */
const MOST_LINES = 3;

interface CardLinesProps {
  access: EntityAccess;
  title: string;
  refresh(): Promise<void>;
}

/** The sentences of the tab's state line, each with the one thing that is most likely wanted next. */
export function CardLines({ access, title, refresh }: CardLinesProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const tab = useTab();
  const requests = currentRequests(access);
  const problem = blockingProblem(access);
  const mayAsk =
    !problem && withoutOpenPlaces(access).targets.some(one => !one.problem);
  if (requests.length === 0) {
    return (
      <Line
        note={problem?.message}
        actions={
          !problem && <Button to={tab?.request} label={t('access.ask')} />
        }
      >
        {problem
          ? t('access.noneBlocked', { entity: title })
          : t('access.none', { entity: title })}
      </Line>
    );
  }
  return (
    <>
      {requests.slice(0, MOST_LINES).map(request => (
        <Line
          key={request.id}
          label={<PhaseLabel phase={request.phase} />}
          note={<Place cluster={request.cluster} targets={request.targets} />}
          actions={<Next request={request} mayAsk={mayAsk} />}
        >
          <RequestSentence request={request} onOver={refresh} />
        </Line>
      ))}
      {requests.length > MOST_LINES && tab && (
        <Typography variant="body2">
          <Link to={tab.request}>{t('card.more')}</Link>
        </Typography>
      )}
    </>
  );
}

function Next(props: { request: AccessRequest; mayAsk: boolean }) {
  const { request, mayAsk } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const tab = useTab();
  if (request.actions.openSession) {
    return <Button to={tab?.terminal} label={t('access.openTerminal')} />;
  }
  return mayAsk && isTerminal(request.phase) ? (
    <Button to={tab?.request} label={t('access.askAgain')} />
  ) : null;
}

/** Nothing where there is nowhere to go: an app may have the card without the tab. */
function Button({ to, label }: { to?: string; label: string }) {
  return to ? (
    <LinkButton to={to} variant="contained" color="primary">
      {label}
    </LinkButton>
  ) : null;
}

/** The addresses of the entity's tab, wherever the app has put it. */
function useTab() {
  const linkToTab = useOptionalRouteRef(entityContentRouteRef);
  if (!linkToTab) {
    return undefined;
  }
  const request = linkToTab();
  return { request, terminal: `${request}/${SUB_PATHS.terminal}` };
}
