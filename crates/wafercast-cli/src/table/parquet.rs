//! Parquet (snappy), written column by column.

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use super::{Cells, Column, Table};
use crate::failure::Failure;

/// Definition levels of an optional cell: absent, present.
const ABSENT: i16 = 0;
const PRESENT: i16 = 1;

impl Table {
    /// The table as a Parquet file of one row group.
    pub fn to_parquet(&self) -> Result<Vec<u8>, Failure> {
        self.write_parquet()
            .map_err(|cause| Failure::Output(std::io::Error::other(cause)))
    }

    fn write_parquet(&self) -> Result<Vec<u8>, ParquetError> {
        let fields = self
            .columns
            .iter()
            .map(field)
            .collect::<Result<Vec<TypePtr>, _>>()?;
        let schema = Type::group_type_builder("wafercast")
            .with_fields(fields)
            .build()?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("wafercast ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let mut bytes = Vec::new();
        let mut file =
            SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::new(properties))?;
        let mut group = file.next_row_group()?;
        for column in &self.columns {
            if let Some(mut writer) = group.next_column()? {
                write_cells(&mut writer, &column.cells)?;
                writer.close()?;
            }
        }
        group.close()?;
        file.close()?;
        Ok(bytes)
    }
}

fn field(column: &Column) -> Result<TypePtr, ParquetError> {
    let (physical, logical, repetition) = match &column.cells {
        Cells::Text(_) => (
            PhysicalType::BYTE_ARRAY,
            Some(LogicalType::String),
            Repetition::OPTIONAL,
        ),
        Cells::Number(_) => (PhysicalType::DOUBLE, None, Repetition::REQUIRED),
        Cells::OptionalNumber(_) => (PhysicalType::DOUBLE, None, Repetition::OPTIONAL),
        Cells::Integer(_) => (PhysicalType::INT64, None, Repetition::REQUIRED),
    };
    let field = Type::primitive_type_builder(&column.name, physical)
        .with_logical_type(logical)
        .with_repetition(repetition)
        .build()?;
    Ok(Arc::new(field))
}

fn write_cells(writer: &mut SerializedColumnWriter<'_>, cells: &Cells) -> Result<(), ParquetError> {
    match cells {
        Cells::Text(cells) => {
            let present: Vec<ByteArray> = cells
                .iter()
                .flatten()
                .map(|text| ByteArray::from(text.as_str()))
                .collect();
            writer.typed::<ByteArrayType>().write_batch(
                &present,
                Some(&definition_levels(cells)),
                None,
            )?;
        }
        Cells::Number(cells) => {
            writer
                .typed::<DoubleType>()
                .write_batch(cells, None, None)?;
        }
        Cells::OptionalNumber(cells) => {
            let present: Vec<f64> = cells.iter().flatten().copied().collect();
            writer.typed::<DoubleType>().write_batch(
                &present,
                Some(&definition_levels(cells)),
                None,
            )?;
        }
        Cells::Integer(cells) => {
            writer.typed::<Int64Type>().write_batch(cells, None, None)?;
        }
    }
    Ok(())
}

fn definition_levels<T>(cells: &[Option<T>]) -> Vec<i16> {
    cells
        .iter()
        .map(|cell| if cell.is_some() { PRESENT } else { ABSENT })
        .collect()
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    use super::*;

    #[test]
    fn reads_back_what_was_written() {
        let table = Table::new()
            .text("name", [Some("Ascend".to_owned()), None])
            .number("x", [0.1, -1e300])
            .optional_number("y", [None, Some(2.5)])
            .integer("n", [7, -8]);
        let bytes = table.to_parquet().unwrap();
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        let rows: Vec<Vec<(String, Field)>> = reader
            .get_row_iter(None)
            .unwrap()
            .map(|row| row.unwrap().into_columns())
            .collect();
        let named = |name: &str, field: Field| (name.to_owned(), field);
        assert_eq!(
            rows,
            [
                vec![
                    named("name", Field::Str("Ascend".into())),
                    named("x", Field::Double(0.1)),
                    named("y", Field::Null),
                    named("n", Field::Long(7)),
                ],
                vec![
                    named("name", Field::Null),
                    named("x", Field::Double(-1e300)),
                    named("y", Field::Double(2.5)),
                    named("n", Field::Long(-8)),
                ],
            ]
        );
    }

    #[test]
    fn an_empty_table_is_a_file_too() {
        let bytes = Table::new().number("x", []).to_parquet().unwrap();
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        assert_eq!(reader.metadata().file_metadata().num_rows(), 0);
    }
}
