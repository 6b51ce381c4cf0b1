"""What makes a plain function a worksheet function: its declaration, its arrays, its store."""
