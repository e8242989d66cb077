namespace FocalSharp.Checkpoints.TensorFlowJs;

/// <summary>A node of a TensorFlow.js graph.</summary>
/// <param name="Name">The name, unique in the graph.</param>
/// <param name="Op">The operation: <c>Conv2D</c>, <c>Add</c>, <c>Const</c>, ….</param>
/// <param name="Inputs">The names of the input nodes, in order; <c>name:1</c> is a second output, <c>^name</c> a control dependency.</param>
internal sealed record TensorFlowJsNode(string Name, string Op, IReadOnlyList<string> Inputs);
