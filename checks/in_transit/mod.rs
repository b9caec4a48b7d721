//! Data in transit: what travels in the clear.

section! { InTransit:
    training_sg_allows_ipsec::TrainingSgAllowsIpsec,
}
