//! Network zones.

use okta_models::{DynamicNetworkZoneProxyType as ProxyType, NetworkZone};
use serde_json::json;

use crate::support::{at, read, read_page};

// prowler, network_zone_service.py: an array where a class was generated, which failed the page.
#[test]
fn an_enhanced_dynamic_zone_with_empty_lists_decodes() {
    let zones: Vec<NetworkZone> = read_page(json!([
        {"id": "nzo1", "type": "DYNAMIC_V2", "name": "Anonymizers", "asns": {"include": []},
            "locations": {"include": [], "exclude": []}, "ipServiceCategories": {"include": ["ALL_ANONYMIZERS"]}},
        {"id": "nzo2", "type": "IP", "name": "Office", "gateways": null, "proxies": null},
    ]));
    let [NetworkZone::EnhancedDynamic(zone), NetworkZone::Ip(office)] = &zones[..] else {
        panic!("{zones:?}");
    };
    assert_eq!(at!(zone.asns.include), &Vec::<String>::new());
    assert_eq!(at!(zone.locations).exclude, Some(vec![]));
    assert_eq!(at!(zone.ip_service_categories.include)[0].as_str(), "ALL_ANONYMIZERS");
    assert!(office.gateways.is_none() && zone.extra.is_empty());
}

// The same place with a bare list, as the older kind of zone has it.
#[test]
fn an_enhanced_dynamic_zone_with_a_bare_list_keeps_it() {
    let NetworkZone::EnhancedDynamic(zone) =
        read(json!({"id": "nzo1", "type": "DYNAMIC_V2", "name": "Carriers", "asns": ["23457"]}))
    else {
        panic!("no enhanced dynamic zone");
    };
    assert_eq!(zone.name.as_deref(), Some("Carriers"));
    assert_eq!((&zone.asns, zone.extra.get("asns")), (&None, Some(&json!(["23457"]))));
}

// Recordings (24): no text, another one than documented, and null.
#[test]
fn the_proxy_type_of_a_zone_is_any_text() {
    let zones: Vec<NetworkZone> = read_page(json!([
        {"type": "DYNAMIC", "proxyType": ""},
        {"type": "DYNAMIC", "proxyType": "TorAnonymizer"},
        {"type": "DYNAMIC", "proxyType": "Any"},
        {"type": "DYNAMIC", "proxyType": null},
    ]));
    let types: Vec<_> = zones
        .iter()
        .map(|zone| match zone {
            NetworkZone::Dynamic(zone) => zone.proxy_type.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        types,
        [
            Some(ProxyType::from("")),
            Some(ProxyType::TorAnonymizer),
            Some(ProxyType::Any),
            None
        ]
    );
}
