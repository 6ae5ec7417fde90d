package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// A cluster lives for hours or days, never this long.
const lifetime = 365 * 24 * time.Hour

type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

type holder struct {
	file         string
	name         string
	organization []string
	dnsNames     []string
	addresses    []net.IP
}

var loopback = net.IPv4(127, 0, 0, 1)

// Everybody who talks to the API server or is talked to by it. The groups are those that Kubernetes gives its own rights to.
var holders = []holder{
	{file: "apiserver", name: "kube-apiserver", addresses: []net.IP{loopback, net.IPv4(10, 254, 0, 1)},
		dnsNames: []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"}},
	{file: "apiserver-kubelet-client", name: "kube-apiserver-kubelet-client", organization: []string{"system:masters"}},
	{file: "admin", name: "dev-cluster-admin", organization: []string{"system:masters"}},
	{file: "controller-manager", name: "system:kube-controller-manager"},
	{file: "scheduler", name: "system:kube-scheduler"},
	{file: "kubelet", name: "system:node:localhost", organization: []string{"system:nodes"}, dnsNames: []string{"localhost"}, addresses: []net.IP{loopback}},
}

func writeCertificates(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	ca, err := newAuthority(folder, "ca")
	if err != nil {
		return err
	}
	for _, h := range holders {
		if err := ca.issue(folder, h); err != nil {
			return err
		}
	}
	// etcd trusts an authority of its own: who may talk to the API server may not thereby read its store.
	etcd, err := newAuthority(folder, "etcd-ca")
	if err != nil {
		return err
	}
	if err := etcd.issue(folder, holder{file: "etcd", name: "etcd", dnsNames: []string{"localhost"}, addresses: []net.IP{loopback}}); err != nil {
		return err
	}
	return writeServiceAccountKeys(folder)
}

func newAuthority(folder, file string) (authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return authority{}, err
	}
	template, err := newTemplate(pkix.Name{CommonName: "dev-cluster " + file})
	if err != nil {
		return authority{}, err
	}
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return authority{}, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return authority{}, err
	}
	return authority{certificate, key}, writePair(folder, file, der, key)
}

func (a authority) issue(folder string, h holder) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template, err := newTemplate(pkix.Name{CommonName: h.name, Organization: h.organization})
	if err != nil {
		return err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if len(h.addresses) > 0 {
		template.ExtKeyUsage = append(template.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	template.DNSNames, template.IPAddresses = h.dnsNames, h.addresses
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return err
	}
	return writePair(folder, h.file, der, key)
}

func newTemplate(subject pkix.Name) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      subject,
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(lifetime),
	}, nil
}

func writeServiceAccountKeys(folder string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return errors.Join(writeKey(folder, "service-accounts", key), writePEM(filepath.Join(folder, "service-accounts.pub"), "PUBLIC KEY", public))
}

func writePair(folder, file string, der []byte, key *ecdsa.PrivateKey) error {
	return errors.Join(writePEM(filepath.Join(folder, file+".crt"), "CERTIFICATE", der), writeKey(folder, file, key))
}

func writeKey(folder, file string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return writePEM(filepath.Join(folder, file+".key"), "EC PRIVATE KEY", der)
}

func writePEM(file, kind string, der []byte) error {
	return os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
