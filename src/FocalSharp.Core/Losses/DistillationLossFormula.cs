using System.Numerics;
using FocalSharp.Distributions;

namespace FocalSharp.Losses;

/// <summary>
/// Localization distillation (arXiv 2102.12252) in closed form: KL(softmax(t/T) ‖ softmax(s/T))·T², averaged over the bins as
/// in mmdetection, for the logits of one box side of a student and a teacher.
/// </summary>
public static class DistillationLossFormula
{
    /// <summary>The temperature T of the paper's configs.</summary>
    public const double DefaultTemperature = 10;

    /// <summary>Computes the loss of one side and its gradient by the student's logits; the teacher is constant.</summary>
    /// <param name="student">n + 1 logits.</param>
    /// <param name="teacher">n + 1 logits.</param>
    /// <param name="temperature">Temperature T &gt; 0; higher values give softer distributions.</param>
    /// <param name="gradient">Receives the n + 1 derivatives.</param>
    /// <exception cref="ArgumentException">There are fewer than two bins, the lengths differ, or the temperature is not above 0.</exception>
    public static T Evaluate<T>(ReadOnlySpan<T> student, ReadOnlySpan<T> teacher, T temperature, Span<T> gradient)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireLength(teacher.Length, student.Length);
        SpanGuard.RequireLength(gradient.Length, student.Length);
        if (student.Length < 2)
        {
            throw new ArgumentException($"There must be logits of at least two bins, got {student.Length}.", nameof(student));
        }

        if (!(temperature > T.Zero && T.IsFinite(temperature)))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be a finite number above 0.");
        }

        T[] scaledStudent = new T[student.Length];
        T[] scaledTeacher = new T[student.Length];
        T[] truth = new T[student.Length];
        for (int i = 0; i < student.Length; i++)
        {
            scaledStudent[i] = student[i] / temperature;
            scaledTeacher[i] = teacher[i] / temperature;
        }

        (T studentHighest, T studentLogSum) = Softmax.Fill<T>(scaledStudent, gradient);
        (T teacherHighest, T teacherLogSum) = Softmax.Fill<T>(scaledTeacher, truth);
        T bins = T.CreateChecked(student.Length);
        T divergence = T.Zero;
        for (int i = 0; i < student.Length; i++)
        {
            T teacherLog = scaledTeacher[i] - teacherHighest - teacherLogSum;
            T studentLog = scaledStudent[i] - studentHighest - studentLogSum;
            divergence += truth[i] * (teacherLog - studentLog);
            gradient[i] = (gradient[i] - truth[i]) * temperature / bins;
        }

        return divergence * temperature * temperature / bins;
    }
}
