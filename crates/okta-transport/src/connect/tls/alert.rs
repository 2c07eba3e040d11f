use std::{error::Error, fmt};

use rustls::{AlertDescription, CertificateError, PeerIncompatible};

use crate::error::causes;

/// Whose handshake it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    Server,
    Proxy,
}

impl fmt::Display for Peer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Server => "server",
            Self::Proxy => "proxy",
        })
    }
}

/// Why the TLS handshake with this peer failed; the text says what to do.
#[derive(Clone, Debug)]
pub(crate) struct TlsFailure {
    peer: Peer,
    reason: rustls::Error,
}

impl TlsFailure {
    /// Finds the reason among the causes of a failure to connect.
    pub(crate) fn find(error: &(dyn Error + 'static), peer: Peer) -> Option<Self> {
        let reason = causes::find::<rustls::Error>(error)?.clone();
        Some(Self { peer, reason })
    }

    /// Finds the refusal of a client's certificate among the causes of a failure after connecting: with TLS 1.3 the
    /// server speaks of it when the client has finished its part already. No request was looked at then.
    pub(crate) fn find_late(error: &(dyn Error + 'static)) -> Option<Self> {
        let alert = CLIENT_CERTIFICATE_ALERTS.into_iter().find(|alert| {
            let reason = rustls::Error::AlertReceived(*alert);
            // Over HTTP/2 nothing arrives of the reason but its text.
            causes::causes(error)
                .any(|cause| cause.downcast_ref() == Some(&reason) || cause.to_string() == reason.to_string())
        })?;
        Some(Self {
            peer: Peer::Server,
            reason: rustls::Error::AlertReceived(alert),
        })
    }

    fn is_about_client_certificate(&self) -> bool {
        matches!(&self.reason, rustls::Error::AlertReceived(alert) if CLIENT_CERTIFICATE_ALERTS.contains(alert))
    }
}

/// How a server says that it does not like the client's certificate (RFC 8446 §6.2).
const CLIENT_CERTIFICATE_ALERTS: [AlertDescription; 8] = [
    AlertDescription::CertificateRequired,
    AlertDescription::BadCertificate,
    AlertDescription::UnsupportedCertificate,
    AlertDescription::CertificateRevoked,
    AlertDescription::CertificateExpired,
    AlertDescription::CertificateUnknown,
    AlertDescription::UnknownCA,
    AlertDescription::AccessDenied,
];

/// The server sent a certificate that may issue others, such as a self-signed one made with the defaults of OpenSSL.
fn is_authority(reason: &rustls::OtherError) -> bool {
    reason.0.to_string().contains("CaUsedAsEndEntity")
}

impl fmt::Display for TlsFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let peer = self.peer;
        match &self.reason {
            rustls::Error::InvalidCertificate(reason) => {
                write!(formatter, "the certificate of the {peer} is not trusted")?;
                formatter.write_str(match reason {
                    CertificateError::UnknownIssuer => {
                        ": its issuer is not trusted on this machine; \
                         if it comes from your own authority, add that authority with `root_certificate_pem`"
                    }
                    CertificateError::Expired | CertificateError::ExpiredContext { .. } => ": it has expired",
                    CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                        ": it is not valid yet; check the clock of this machine"
                    }
                    CertificateError::Other(reason) if is_authority(reason) => {
                        ": it is a certificate for authorities, not for servers; give the server its own certificate, issued by that \
                         authority, and add the authority with `root_certificate_pem`"
                    }
                    CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                        ": it is that of another host"
                    }
                    _ => "",
                })
            }
            rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => write!(
                formatter,
                "the {peer} demands a client certificate: give one with `client_certificate_pem`"
            ),
            _ if self.is_about_client_certificate() => {
                write!(formatter, "the {peer} does not accept the client certificate")
            }
            rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
            | rustls::Error::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
            ) => {
                write!(
                    formatter,
                    "the {peer} speaks no version of TLS that this client may use: see `minimum_tls_version`"
                )
            }
            rustls::Error::InvalidMessage(_) => write!(formatter, "the {peer} does not speak TLS"),
            _ => write!(formatter, "the TLS handshake with the {peer} failed"),
        }
    }
}

impl Error for TlsFailure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.reason)
    }
}
