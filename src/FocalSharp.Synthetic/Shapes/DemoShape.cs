namespace FocalSharp.Synthetic.Shapes;

/// <summary>A class of the demo: how one more instance of it is drawn.</summary>
internal abstract class DemoShape
{
    /// <summary>The classes in the order of their labels.</summary>
    public static IReadOnlyList<DemoShape> All { get; } =
        [new Car(), new House(), new Tree(), new Fish(), new Cup(), new Key(), new Umbrella(), new Cat()];

    /// <summary>The class's name.</summary>
    public abstract string Name { get; }

    /// <summary>Largest tilt to either side, in degrees.</summary>
    public virtual float MaxTilt => 14;

    /// <summary>Draws an instance around the origin within about [−1.3, 1.3]², y downwards.</summary>
    /// <param name="shapeCanvas">Pen and brush.</param>
    /// <param name="sampler">Source of every shape parameter.</param>
    public abstract void Draw(ShapeCanvas shapeCanvas, ShapeSampler sampler);
}
