use std::any::Any;

/// Empties the slot if what it holds is a `T`: a way to do better for one type where any is taken.
pub(crate) fn take<T: 'static>(slot: &mut dyn Any) -> Option<T> {
    slot.downcast_mut::<Option<T>>().and_then(Option::take)
}
