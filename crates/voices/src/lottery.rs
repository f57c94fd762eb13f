//! A panel drawn from a pool so that quotas hold and chances are as equal as quotas allow.
