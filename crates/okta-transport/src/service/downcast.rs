use std::any::Any;

/// Takes the value out of the slot if it is a `T`, so that generic code can handle one type specially.
pub(crate) fn downcast_owned<T: 'static>(slot: &mut dyn Any) -> Option<T> {
    slot.downcast_mut::<Option<T>>().and_then(Option::take)
}
