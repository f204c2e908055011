package dev.pgmap.trace.weave;

import net.bytebuddy.asm.Advice.OffsetMapping;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.method.ParameterDescription;
import net.bytebuddy.description.method.ParameterList;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import net.bytebuddy.implementation.bytecode.constant.LongConstant;

/** Puts the arguments of a traced method in for {@link Advices.Field}, and 0 where it has fewer. */
final class FieldMapping implements OffsetMapping.Factory<Advices.Field> {
  @Override
  public Class<Advices.Field> getAnnotationType() {
    return Advices.Field.class;
  }

  @Override
  public OffsetMapping make(
      ParameterDescription.InDefinedShape target,
      AnnotationDescription.Loadable<Advices.Field> annotation,
      AdviceType adviceType) {
    int index = annotation.load().value();
    return (type, method, assigner, arguments, sort) -> {
      ParameterList<?> parameters = method.getParameters();
      if (index >= parameters.size()) {
        return new OffsetMapping.Target.ForStackManipulation(LongConstant.ZERO);
      }
      ParameterDescription parameter = parameters.get(index);
      return new OffsetMapping.Target.ForVariable.ReadOnly(
          parameter.getType(),
          arguments.argument(parameter.getOffset()),
          assigner.assign(parameter.getType(), target.getType(), Assigner.Typing.STATIC));
    };
  }
}
