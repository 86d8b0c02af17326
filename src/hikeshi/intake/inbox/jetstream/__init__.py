"""The inbox on NATS JetStream, for sites where several machines take alerts. Loaded only where it is used."""
