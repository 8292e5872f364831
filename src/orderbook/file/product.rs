//! One article of the products file. Owns its keys and checks. Tests: file/tests.rs.

use dockside_core::domain::order::Product;
use serde::{Deserialize, Serialize};

use crate::orderbook::file::rma::SkuQtyRecord;
use crate::orderbook::file::{RowError, amount, client, name, names, optional, or_default};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProductRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    pub sku: String,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub gtins: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_g: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_class: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serialised: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hygiene_seal: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hazard: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list_price: Option<i64>,
    #[serde(default, deserialize_with = "or_default", skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<SkuQtyRecord>,
}

impl TryFrom<&ProductRecord> for Product {
    type Error = RowError;

    fn try_from(record: &ProductRecord) -> Result<Product, RowError> {
        amount("list_price", record.list_price.unwrap_or_default())?;
        for part in &record.components {
            part.check("components.sku", "components.qty")?;
        }
        Ok(Product {
            client: client(record.client.as_ref())?,
            sku: name("sku", &record.sku)?,
            gtins: names("gtins", &record.gtins)?,
            description: record.description.clone().unwrap_or_default(),
            category: optional("category", record.category.as_ref())?,
            size: record.size.clone(),
            colour: record.colour.clone(),
            serialised: record.serialised.unwrap_or_default(),
            hazard: record.hazard.clone(),
            size_class: record.size_class.clone(),
        })
    }
}
