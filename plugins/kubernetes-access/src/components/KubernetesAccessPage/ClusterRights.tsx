import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { ClusterStatus } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { useLanguage } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';

const useStyles = makeStyles((theme: Theme) => ({
  list: { margin: theme.spacing(0.5, 0, 0), paddingLeft: theme.spacing(2.5) },
}));

/** What the back end may do in a cluster, and what it should be able to do and is not. */
export function ClusterRights({ rights }: Pick<ClusterStatus, 'rights'>) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const classes = useStyles();
  if (!rights) {
    return <>{t('page.clusterRightsUnknown')}</>;
  }
  const { held, missing, namespaces } = rights;
  if (missing.length === 0) {
    return (
      <>
        {t('page.clusterRightsAll', {
          needed: String(held),
          namespaces: new Intl.ListFormat(language, {
            type: 'conjunction',
          }).format(namespaces),
        })}
      </>
    );
  }
  return (
    <>
      {t('page.clusterRightsMissing', {
        count: missing.length,
        needed: String(held + missing.length),
      })}
      <ul className={classes.list}>
        {missing.map(right => (
          <li key={right}>
            <code>{right}</code>
          </li>
        ))}
      </ul>
    </>
  );
}
