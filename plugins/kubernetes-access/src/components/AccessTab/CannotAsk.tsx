import {
  RELATION_OWNED_BY,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { Link } from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { getEntityRelations, useEntity } from '@backstage/plugin-catalog-react';
import type {
  AccessProblem,
  EntityTarget,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { OWNERS_ANNOTATION } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Blank, CopyText } from '../ui';

const useStyles = makeStyles((theme: Theme) => ({
  root: { display: 'grid', justifyItems: 'start', gap: theme.spacing(1) },
  message: {
    margin: 0,
    maxWidth: '100%',
    padding: theme.spacing(1, 1.5),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    fontFamily: 'monospace',
  },
}));

interface CannotAskProps {
  problem: AccessProblem;
  /** The line above says already what the problem is. */
  isReasonAbove: boolean;
  targets: EntityTarget[];
}

/** What stands in the place of the form when nothing can be asked for: what is missing, and how it gets there. */
export function CannotAsk(props: CannotAskProps) {
  const { problem, isReasonAbove, targets } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const supportUrl = useApi(configApiRef).getOptionalString('app.support.url');
  const unconsented = targets.filter(
    target => target.problem?.code === 'no-consent',
  );
  return (
    <Blank
      title={t(isReasonAbove ? 'access.cannotAskHere' : 'access.cannotAsk')}
      action={
        <>
          {problem.code === 'no-consent' && unconsented.length > 0 && (
            <ConsentHelp targets={unconsented} />
          )}
          {supportUrl && (
            <Typography variant="body2">
              <Link to={supportUrl} underline="always">
                {t('access.support')}
              </Link>
            </Typography>
          )}
        </>
      }
    >
      {!isReasonAbove && <>{problem.message} </>}
      {t('access.cannotAskYet')}
    </Blank>
  );
}

/** What to send to the people of the cluster, so that all they have to do is to run it. */
function ConsentHelp({ targets }: { targets: EntityTarget[] }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const { entity } = useEntity();
  const owners = getEntityRelations(entity, RELATION_OWNED_BY)
    .map(owner => stringifyEntityRef(owner))
    .join(',');
  const message = targets
    .map(({ cluster, namespace }) =>
      [
        `# ${cluster.title}`,
        `kubectl annotate namespace ${namespace} ${OWNERS_ANNOTATION}=${owners}`,
      ].join('\n'),
    )
    .join('\n');
  return (
    <div className={classes.root}>
      <Typography variant="body2">{t('access.consentSend')}</Typography>
      <Typography variant="body2" component="pre" className={classes.message}>
        {message}
      </Typography>
      <CopyText text={message} label={t('access.consentCopy')} />
    </div>
  );
}
