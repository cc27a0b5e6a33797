//! Queue Autoscale keeps every Laravel queue inside its pickup-time SLA.
