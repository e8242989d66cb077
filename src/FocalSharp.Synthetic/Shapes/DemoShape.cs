namespace FocalSharp.Synthetic.Shapes;

/// <summary>An object class of the demo, which draws instances of itself.</summary>
internal abstract class DemoShape
{
    /// <summary>Gets the classes in label order.</summary>
    public static IReadOnlyList<DemoShape> All { get; } =
        [new Car(), new House(), new Tree(), new Fish(), new Cup(), new Key(), new Umbrella(), new Cat()];

    /// <summary>Gets the class name.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the maximum tilt to either side, in degrees.</summary>
    public virtual float MaxTilt => 14;

    /// <summary>Draws an instance around the origin, within about [−1.3, 1.3]² with y pointing down.</summary>
    /// <param name="shapeCanvas">The canvas.</param>
    /// <param name="sampler">Samples the shape parameters.</param>
    public abstract void Draw(ShapeCanvas shapeCanvas, ShapeSampler sampler);
}
