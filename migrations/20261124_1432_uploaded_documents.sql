-- Documents that an upload brought to a house: whom to tell of them. Small: it is read after an upload and when one is taken back.
create index payment_document_upload on payment_document (house_id, upload_id) where upload_id is not null;
